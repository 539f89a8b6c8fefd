package hotel

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"

	"go.uber.org/zap"
)

type Frontend struct {
	search      *Search
	profile     ProfileService
	reservation ReservationService
	recommender *Recommendation
	log         *zap.SugaredLogger
}

//fluxo:flow
func (s *Frontend) searchHandler(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	ctx := r.Context()

	// in/out dates from query params
	inDate, outDate := r.URL.Query().Get("inDate"), r.URL.Query().Get("outDate")
	if inDate == "" || outDate == "" {
		http.Error(w, "Please specify inDate/outDate params", http.StatusBadRequest)
		return
	}

	// lan/lon from query params
	sLat, sLon := r.URL.Query().Get("lat"), r.URL.Query().Get("lon")
	if sLat == "" || sLon == "" {
		http.Error(w, "Please specify location params", http.StatusBadRequest)
		return
	}
	lat, _ := strconv.ParseFloat(sLat, 64)
	lon, _ := strconv.ParseFloat(sLon, 64)

	ids, err := s.search.Nearby(ctx, lat, lon, inDate, outDate)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}

	// grab locale from query params or default to en
	locale := r.URL.Query().Get("locale")
	if locale == "" {
		locale = "en"
	}

	free, err := s.reservation.CheckAvailability(ctx, ids, inDate, outDate, 1)
	if err != nil {
		s.log.Errorf("CheckAvailability failed: %v", err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}

	profiles, err := s.profile.GetProfiles(ctx, free, locale)
	if err != nil {
		s.log.Errorf("GetProfiles failed: %v", err)
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(geoJSONResponse(profiles))
}

//fluxo:flow
func (s *Frontend) recommendHandler(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	lat, errLat := strconv.ParseFloat(r.URL.Query().Get("lat"), 64)
	lon, errLon := strconv.ParseFloat(r.URL.Query().Get("lon"), 64)
	if errLat != nil || errLon != nil {
		http.Error(w, "Please specify location params", http.StatusBadRequest)
		return
	}
	require := r.URL.Query().Get("require")
	if require != "dis" && require != "rate" && require != "price" {
		http.Error(w, "Please specify require params", http.StatusBadRequest)
		return
	}
	ids, err := s.recommender.GetRecommendations(r.Context(), require, lat, lon)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	profiles, err := s.profile.GetProfiles(r.Context(), ids, "en")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	json.NewEncoder(w).Encode(geoJSONResponse(profiles))
}

// return a geoJSON response that allows google map to plot points directly on map
func geoJSONResponse(hs []*Profile) map[string]interface{} {
	fs := []interface{}{}
	for _, h := range hs {
		fs = append(fs, map[string]interface{}{
			"type": "Feature",
			"id":   h.ID,
			"properties": map[string]string{
				"name":         h.Name,
				"phone_number": h.PhoneNumber,
			},
			"geometry": map[string]interface{}{
				"type":        "Point",
				"coordinates": []float64{h.Address.Lon, h.Address.Lat},
			},
		})
	}
	return map[string]interface{}{
		"type":     "FeatureCollection",
		"features": fs,
	}
}

// distanceKm is the great-circle distance.
func distanceKm(lat1, lon1, lat2, lon2 float64) float64 {
	const earth = 6371.0
	rad := math.Pi / 180
	dLat, dLon := (lat2-lat1)*rad, (lon2-lon1)*rad
	a := math.Pow(math.Sin(dLat/2), 2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earth * math.Asin(math.Min(1, math.Sqrt(a)))
}
